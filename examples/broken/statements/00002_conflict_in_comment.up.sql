/* Rates are kept
<<<<<<< HEAD
   for a year.
=======
   for two years.
>>>>>>> keep-longer
*/
CREATE TABLE rates (id bigint PRIMARY KEY);
