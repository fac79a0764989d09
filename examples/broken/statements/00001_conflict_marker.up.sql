CREATE TABLE accounts (
    id bigint PRIMARY KEY,
<<<<<<< HEAD
    owner text
=======
    owner varchar(80)
>>>>>>> rename-owner
);
